pytest_plugins = ["tests.infrastructure.fixtures"]
