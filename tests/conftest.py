from hypothesis import settings

pytest_plugins = ["tests.infrastructure.fixtures", "tests.infrastructure.hurry", "tests.infrastructure.time_limits"]

# How long an example takes says more about the machine than about the code.
settings.register_profile("suite", deadline=None)
settings.load_profile("suite")
