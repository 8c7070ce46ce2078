"""A container of the JSON document: the whole chain (DESIGN section 6)."""

from whatsrunning.render.json.values import (
    Fields,
    answered,
    ci,
    instant,
    instant_or_null,
    pull_requests,
    revision,
)
from whatsrunning.report.container import (
    Built,
    Claim,
    Commit,
    Container,
    DeployedAt,
    Image,
    Previous,
    Proof,
)


def container(one: Container) -> Fields:
    """Everything that is known of one container."""
    return {
        "id": one.id,
        "name": one.name,
        "engine": one.engine,
        "project": one.project,
        "service": one.service,
        "managed": one.managed,
        "state": one.state,
        "exit_code": one.exit_code,
        "oom_killed": one.oom_killed,
        "restart_count": one.restart_count,
        "health": one.health,
        "created_at": instant(one.created_at),
        "started_at": instant_or_null(one.started_at),
        "finished_at": instant_or_null(one.finished_at),
        "deployed_at": answered(one.deployed_at, _deployed),
        "image": _image(one.image),
        "repository": answered(one.repository, lambda name: {"name": name}),
        "claims": [_claim(claim) for claim in one.claims],
        "revision": answered(one.revision, revision),
        "proof": _proof(one.proof),
        "commit": answered(one.commit, _commit),
        "pull_requests": answered(one.pull_requests, pull_requests),
        "ci": answered(one.ci, ci),
        "built": answered(one.built, _built),
        "previous": answered(one.previous, _previous),
        "replica": one.replica,
        "replaces": one.replaces or None,
    }


def _deployed(deployed: DeployedAt) -> Fields:
    return {"at": instant(deployed.at), "evidence": deployed.evidence}


def _image(image: Image) -> Fields:
    return {
        "reference": image.reference,
        "id": image.id,
        "repository": image.repository,
        "digests": list(image.digests),
        "platform": image.platform,
    }


def _claim(claim: Claim) -> Fields:
    return {"sha": claim.sha, "claimed_by": claim.claimed_by, "key": claim.key}


def _proof(proof: Proof) -> Fields:
    return {
        "status": proof.status,
        "basis": proof.basis,
        "reason": proof.reason,
        "registry_digest": proof.registry_digest,
        "matching_shas": list(proof.matching_shas),
        "problem": proof.problem.id if proof.problem else None,
    }


def _commit(commit: Commit) -> Fields:
    return {
        "sha": commit.sha,
        "subject": commit.subject,
        "author": commit.author,
        "committed_at": instant(commit.committed_at),
        "url": commit.url,
        "on_default_branch": commit.on_default_branch,
        "source": commit.source,
    }


def _built(built: Built) -> Fields:
    return {
        "position": built.position,
        "builds_behind": built.builds_behind,
        "commits_behind": built.commits_behind,
        "newest_sha": built.newest_sha,
        "latest_sha": built.latest_sha,
        "latest_problem": built.latest_problem.id if built.latest_problem else None,
    }


def _previous(previous: Previous) -> Fields:
    return {
        "sha": previous.sha,
        "until": instant_or_null(previous.until),
        "evidence": previous.evidence,
    }
