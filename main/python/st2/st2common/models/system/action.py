"""A script with its arguments, as a shell gets them."""

from st2common.util.shell import quote_unix

__all__ = ["ShellScriptAction"]


class ShellScriptAction:
    def __init__(
        self,
        name,
        action_exec_id,
        script_local_path_abs,
        named_args=None,
        positional_args=None,
        env_vars=None,
        user=None,
        sudo=False,
        timeout=None,
        cwd=None,
        sudo_password=None,
    ):
        self.name = name
        self.action_exec_id = action_exec_id
        self.script_local_path_abs = script_local_path_abs
        self.named_args = named_args
        self.positional_args = positional_args
        self.env_vars = env_vars or {}
        self.user = user
        self.sudo = sudo
        self.timeout = timeout
        self.cwd = cwd
        self.sudo_password = sudo_password

    def get_full_command_string(self):
        arguments = self._get_script_arguments(self.named_args, self.positional_args)
        return " ".join(filter(None, [quote_unix(self.script_local_path_abs), arguments]))

    def _get_script_arguments(self, named_args=None, positional_args=None):
        """Named ones first. A flag that is true stands alone; false, nothing and an empty text are left out."""
        parts = []
        for name, value in (named_args or {}).items():
            if value is None or value is False or value == "":
                continue
            parts.append(name if value is True else f"{name}={quote_unix(str(value))}")
        parts.extend(quote_unix(str(value)) for value in positional_args or [])
        return " ".join(parts)
