"""The no-op job in Dramatiq, as it comes, without the Prometheus middleware."""

from importlib import import_module

from bench.figures import noop

dramatiq = import_module("dramatiq")
redis_broker = import_module("dramatiq.brokers.redis")

dramatiq.set_broker(redis_broker.RedisBroker(client=noop.client()))
work = dramatiq.actor(noop.ran, actor_name="noop", queue_name="noop")
