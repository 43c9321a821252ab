from git_program import GitError, find_repository, read_status
from st2common.runners.base_action import Action


class StatusAction(Action):
    def run(self, repository):
        try:
            repository = find_repository(repository)
            status = read_status(repository)
        except GitError as error:
            return (False, str(error))
        return {"summary": summarize(status), "repository": repository, **status._asdict()}


def summarize(status):
    where = status.branch or "no branch"
    uncommitted = len(status.changed) + len(status.untracked)
    parts = [f"{uncommitted} uncommitted" if uncommitted else "clean"]
    if status.ahead:
        parts.append(f"{status.ahead} to push")
    if status.behind:
        parts.append(f"{status.behind} to pull")
    return f"{where}: {', '.join(parts)}"
