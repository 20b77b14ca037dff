"""A long, calm run: does anything grow that should stay flat?"""
