"""What the services of actions and of sensors have in common."""

import logging
from unittest.mock import Mock

from st2tests.mocks.datastore import MockDatastoreService

__all__ = ["MockService", "MockWrapper"]


class MockWrapper:
    """Stands for the process that an action or a sensor would run in."""

    def __init__(self, pack, class_name):
        self._pack = pack
        self._class_name = class_name


class MockService:
    """The datastore's methods over a datastore of this test alone."""

    def __init__(self, wrapper):
        # A mock, so that a test can ask what was logged.
        self._logger = Mock(spec=logging.RootLogger)
        self._datastore_service = MockDatastoreService(
            logger=self._logger, pack_name=wrapper._pack, class_name=wrapper._class_name
        )

    @property
    def datastore_service(self):
        return self._datastore_service

    def get_logger(self, name):
        return self._logger

    def get_user_info(self):
        return self._datastore_service.get_user_info()

    def list_values(self, local=True, limit=None, prefix=None):
        return self._datastore_service.list_values(local=local, limit=limit, prefix=prefix)

    def get_value(self, name, local=True, scope="system", decrypt=False):
        return self._datastore_service.get_value(name, local=local, scope=scope, decrypt=decrypt)

    def set_value(self, name, value, ttl=None, local=True, scope="system", encrypt=False):
        return self._datastore_service.set_value(name, value, ttl=ttl, local=local, scope=scope, encrypt=encrypt)

    def delete_value(self, name, local=True, scope="system"):
        return self._datastore_service.delete_value(name, local=local, scope=scope)
