"""A server of which nothing is managed: images that say what they are, and others."""

from dataclasses import replace

from tests.reports.fleet import unmanaged
from tests.reports.parts import NEW, NOW, OLD, PROD, SHAS, container
from whatsrunning.facts.answers import Found
from whatsrunning.report.container import Claim, Container, Version
from whatsrunning.report.report import Report

ENGINE = replace(PROD, chosen_by="-c prod")
OCI = "org.opencontainers.image.revision"


def identified(
    name: str, sha: str = NEW, tag: str = "latest", repository: str = "acme/shop", service: str = ""
) -> Container:
    """An unmanaged container whose image names commit and repository."""
    one = unmanaged(name, f"ghcr.io/{repository}:{tag}")
    claims = (Claim(sha, "oci-label", OCI),)
    return replace(one, identified=repository, claims=claims, service=service or name)


def typical() -> Report:
    """Six of one repository, three of others, and two that say nothing."""
    web = identified("shop-web-1", NEW, "v1.2.3", service="web")
    worker = identified("shop-worker-1", OLD, f"sha-{SHAS[5][:7]}", service="worker")
    claims = (*worker.claims, Claim(SHAS[5][:7], "image-tag", f"sha-{SHAS[5][:7]}"))
    shop = (
        web,
        replace(web, id="b" * 64, name="shop-web-2"),
        replace(worker, claims=claims),
        replace(identified("shop-api-1", service="api"), version=Found(Version("v2.0", "tag"))),
        replace(identified("shop-migrate-1", OLD, service="migrate"), state="exited", exit_code=0),
        identified("shop-cron-1", SHAS[3], service="cron"),
    )
    others = (
        identified("grafana", SHAS[8], "11.1.0", "grafana/grafana"),
        identified("loki", SHAS[9], "3.0.0", "grafana/loki"),
        identified("traefik", SHAS[10], "v3.1", "traefik/traefik"),
        unmanaged("postgres", "postgres:16"),
        unmanaged("redis", "redis:7"),
    )
    return Report("ps", NOW, True, (ENGINE,), (*shop, *others))


def foreign() -> Report:
    """Nothing is managed, and nothing says what it is."""
    others = (unmanaged("postgres", "postgres:16"), unmanaged("redis", "redis:7"))
    return Report("ps", NOW, True, (ENGINE,), others)


def in_vain() -> Report:
    """`-R` of a repository that nothing here comes from, beside a service of another."""
    ours = (container("web-1", "web"), identified("blog", OLD, "latest", "acme/blog"))
    return Report("ps", NOW, True, (ENGINE,), ours, asked_repository="acme/nosuch")
