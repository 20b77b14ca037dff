"""What `make run` and `make test` start: servers, migrations, processes, and the order of their end."""
