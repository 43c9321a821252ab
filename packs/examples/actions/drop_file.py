import os

from drop_folder import drop_folder
from st2common.runners.base_action import Action


class DropFileAction(Action):
    def run(self, name="hello.txt", content="Hello from Stormlet!"):
        if name != os.path.basename(name) or name in ("", ".", ".."):
            return (False, f"not the name of a file: {name!r}")
        path = os.path.join(drop_folder(self.config), name)
        # Written aside and then moved, so that nobody sees half a file.
        unfinished = os.path.join(os.path.dirname(path), f".{name}.unfinished")
        with open(unfinished, "w", encoding="utf-8", newline="") as file:
            file.write(content)
        os.replace(unfinished, path)
        return {"summary": f"{name} is in the drop folder", "path": path, "size": os.path.getsize(path)}
