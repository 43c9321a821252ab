from st2common.runners.base_action import Action


class Touch(Action):
    def run(self, path):
        return path
