"""The configuration of an action under test."""

__all__ = ["MockConfig"]


class MissingConfigValue(ValueError, KeyError):
    """StackStorm raises ValueError here; code that expects what any dict raises works as well."""

    __str__ = Exception.__str__


class MockConfig(dict):
    """`config['key']` of a key that the test did not give fails as it would in the pack."""

    def __missing__(self, key):
        raise MissingConfigValue(f'Config for pack "tests" is missing key "{key}".')
