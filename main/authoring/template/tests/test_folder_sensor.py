import os
import tempfile

from folder_sensor import FolderSensor
from st2tests.base import BaseSensorTestCase


class FolderSensorTestCase(BaseSensorTestCase):
    sensor_cls = FolderSensor

    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.write("old.txt")
        self.sensor = self.get_sensor_instance(config={"folder": self.folder, "ending": ".txt"})
        self.sensor.setup()

    def test_what_was_there_before_is_no_news(self):
        self.sensor.poll()
        self.assertEqual(self.get_dispatched_triggers(), [])

    def test_a_new_file_is_told_once(self):
        path = self.write("new.txt")
        self.sensor.poll()
        self.sensor.poll()
        self.assertTriggerDispatched(trigger="my_pack.new_file", payload={"path": path})
        self.assertEqual(len(self.get_dispatched_triggers()), 1)

    def test_a_file_with_another_ending_is_left_out(self):
        self.write("new.jpg")
        self.sensor.poll()
        self.assertEqual(self.get_dispatched_triggers(), [])

    def write(self, name):
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8"):
            return path
