import os

from git_program import GitError, find_repository, git, read_status
from st2common.runners.base_action import Action

UNDER_WAY = ("MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD", "rebase-merge", "rebase-apply", "BISECT_LOG")


class CommitAllAction(Action):
    def run(self, repository, message, untracked=True):
        if not message.strip():
            return (False, "the message is empty")
        try:
            repository = find_repository(repository)
            status = read_status(repository)
            why_not = reason_against(repository, status)
            if why_not:
                return (False, why_not)
            files = status.changed + (status.untracked if untracked else [])
            if not files:
                return {"summary": "nothing to commit", "repository": repository, "sha": None, "files": []}
            git(repository, "add", "--all" if untracked else "--update", "--", ":/")
            git(repository, "commit", "--quiet", f"--message={message}", timeout=300)
            sha = git(repository, "rev-parse", "HEAD").strip()
        except GitError as error:
            return (False, str(error))
        noun = "file" if len(files) == 1 else "files"
        summary = f"committed {len(files)} {noun} on {status.branch} as {sha[:8]}"
        return {"summary": summary, "repository": repository, "sha": sha, "files": files}


def reason_against(repository, status):
    """A commit that nobody would expect is worse than none."""
    if status.branch is None:
        return f"{repository} has no branch checked out: the commit would be lost"
    git_folder = git(repository, "rev-parse", "--absolute-git-dir").rstrip("\n")
    under_way = [name for name in UNDER_WAY if os.path.exists(os.path.join(git_folder, name))]
    return f"{repository} is in the middle of something: {under_way[0]} is there" if under_way else None
