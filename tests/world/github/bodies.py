"""GitHub's REST objects, whole: the description's required fields, and the truth laid over them."""

from collections.abc import Mapping
from typing import Any

from tests.world.github.contract import blank
from tests.world.github.ground import GitCommit, Ground

SITE = "https://github.com"


def user(login: str) -> dict[str, Any]:
    """A user or a bot."""
    made = blank("simple-user")
    kind = "Bot" if login.endswith("[bot]") else "User"
    return made | {"login": login, "id": 1, "type": kind, "html_url": f"{SITE}/{login}"}


def home(ground: Ground, schema: str = "full-repository") -> dict[str, Any]:
    """The repository, in whole or as it lies inside other objects."""
    owner, _, name = ground.repository.partition("/")
    made = blank(schema) | {
        "id": 1, "name": name, "full_name": ground.repository, "owner": user(owner),
        "private": ground.private, "html_url": f"{SITE}/{ground.repository}",
    }  # fmt: skip
    return made | ({} if schema == "minimal-repository" else {"default_branch": ground.branch})


def commit(ground: Ground, found: GitCommit) -> dict[str, Any]:
    """A commit; the users are made up from the e-mail address, the names are git's."""
    made = blank("commit")
    made["author"] = made["committer"] = user(found.email.partition("@")[0])
    made |= {"sha": found.sha, "html_url": f"{SITE}/{ground.repository}/commit/{found.sha}"}
    made["commit"] |= {
        "message": found.message,
        "tree": {"sha": found.tree, "url": SITE},
        "author": {"name": found.author, "email": found.email, "date": found.authored_at},
        "committer": {"name": "GitHub", "email": found.email, "date": found.committed_at},
    }
    made["parents"] = [{"sha": parent, "url": SITE, "html_url": SITE} for parent in found.parents]
    return made


def pull(ground: Ground, told: Mapping[str, Any], schema: str) -> dict[str, Any]:
    """A pull request; an open one has the merge that GitHub tries as its merge commit."""
    merged = told["state"] == "merged"
    made = blank(schema) | {
        "number": told["number"], "title": told["title"], "user": user(told["author_login"]),
        "state": "open" if told["state"] == "open" else "closed", "merged_at": told["merged_at"],
        "merge_commit_sha": told["merge_sha"] or ("f" * 40 if told["state"] == "open" else None),
        "html_url": f"{SITE}/{ground.repository}/pull/{told['number']}",
    }  # fmt: skip
    repository = home(ground, "repository")
    base = {"label": "main", "ref": ground.branch, "sha": told["commits"][0]}
    head = {"label": told["head_ref"], "ref": told["head_ref"], "sha": told["commits"][-1]}
    owner = user(ground.repository.partition("/")[0])
    made["base"] = base | {"repo": repository, "user": owner}
    made["head"] = head | {"repo": repository, "user": owner}
    if schema == "pull-request":
        merger = user(told["merged_by"]) if told["merged_by"] else None
        made |= {"merged": merged, "merged_by": merger, "commits": len(told["commits"])}
    return made


def workflow_run(ground: Ground, sha: str, told: Mapping[str, Any]) -> dict[str, Any]:
    """A run of a GitHub Actions workflow."""
    made = {**blank("workflow-run"), **told}
    url = f"{SITE}/{ground.repository}/actions/runs/{told['id']}"
    inner = home(ground, "minimal-repository")
    return made | {
        "head_sha": sha, "head_branch": ground.branch, "html_url": url, "repository": inner,
        "head_repository": inner, "pull_requests": [],
    }  # fmt: skip


def check_run(ground: Ground, sha: str, told: Mapping[str, Any]) -> dict[str, Any]:
    """A check run; those of GitHub Actions are jobs."""
    made = blank("check-run")
    for name in ("id", "name", "status", "conclusion", "started_at", "completed_at"):
        made[name] = told[name]
    app = blank("integration") | {"name": told["app"]["slug"], **told["app"]}
    url = f"{SITE}/{ground.repository}/runs/{told['id']}"
    made |= {"head_sha": sha, "app": app, "check_suite": {"id": told["suite"]}, "html_url": url}
    if told["deployment"]:
        made["deployment"] = blank("deployment-simple")
    return made


def status(told: Mapping[str, Any]) -> dict[str, Any]:
    """A commit status."""
    return blank("status") | {
        "id": told["id"], "context": told["context"], "state": told["state"],
        "created_at": told["at"], "updated_at": told["at"], "creator": user("ci-bot"),
        "target_url": f"https://ci.example.com/{told['id']}",
    }  # fmt: skip


def branch(ground: Ground, name: str, found: GitCommit) -> dict[str, Any]:
    """A branch with its protection."""
    made = blank("branch-with-protection")
    made |= {"name": name, "commit": commit(ground, found), "protected": bool(ground.required)}
    checks = [{"context": each, "app_id": None} for each in ground.required]
    rules = {"enforcement_level": "everyone", "contexts": list(ground.required), "checks": checks}
    made["protection"] = {"enabled": bool(ground.required), "required_status_checks": rules}
    return made


def comparison(ground: Ground, base: GitCommit, ahead: int, behind: int) -> dict[str, Any]:
    """How two commits stand to each other; the commits between are left out."""
    words = {(False, False): "identical", (True, False): "ahead", (False, True): "behind"}
    whole = commit(ground, base)
    return blank("commit-comparison") | {
        "ahead_by": ahead, "behind_by": behind, "total_commits": ahead,
        "status": words.get((bool(ahead), bool(behind)), "diverged"),
        "base_commit": whole, "merge_base_commit": whole,
    }  # fmt: skip


def deployment(told: Mapping[str, Any]) -> dict[str, Any]:
    """A deployment."""
    return blank("deployment") | {
        "id": told["id"], "sha": told["sha"], "environment": told["environment"],
        "created_at": told["created_at"], "creator": user("github-actions[bot]"), "payload": {},
    }  # fmt: skip


def deployment_status(told: Mapping[str, Any], state: str) -> dict[str, Any]:
    """A deployment's status."""
    made = blank("deployment-status") | {"state": state, "creator": user("github-actions[bot]")}
    return made | {"log_url": told["url"]}
