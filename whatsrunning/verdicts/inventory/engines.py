"""The engines of a look, each once, and what they list."""

from collections.abc import Mapping
from datetime import timedelta

from whatsrunning.facts.answers import Answer, Found, first_unknown
from whatsrunning.facts.engine import (
    EngineContainers,
    EngineFacts,
    EngineImages,
    EngineInfo,
    ImageFacts,
)
from whatsrunning.facts.scope import Target
from whatsrunning.facts.store import Case, memo
from whatsrunning.report.container import Engine


@memo
def engines(case: Case) -> tuple[Engine, ...]:
    """Every engine that was named, in that order; a second context to one engine is left out."""
    distinct: dict[object, Engine] = {}
    for engine in [_engine(case, target) for target in case.scope.targets]:
        distinct.setdefault(_identity(case, engine), engine)
    return tuple(distinct.values())


def _engine(case: Case, target: Target) -> Engine:
    info, listed = case.get(EngineInfo(target.name)), case.get(EngineContainers(target.name))
    case.get(EngineImages(target.name))  # everything that a look needs is asked at once
    facts, failed = info.value_or(None), first_unknown((info, listed))
    return Engine(
        id=facts.id if facts else "",
        context=target.name,
        endpoint=target.endpoint,
        name=facts.name if facts else "",
        version=facts.version if facts else "",
        status="unreachable" if failed else "ok",
        chosen_by=target.chosen_by,
        clock_skew_s=_skew(facts) if facts else None,
        problem=failed.problem if failed else None,
        product=facts.product if facts else "docker",
    )


def _skew(info: EngineFacts) -> float | None:
    """Engine minus us, in seconds; the middle of the request is when the engine answered."""
    if info.system_time is None:
        return None
    middle = info.asked_at + (info.answered_at - info.asked_at) / 2
    return (info.system_time - middle) / timedelta(seconds=1)


def _identity(case: Case, engine: Engine) -> object:
    """Cloned machines share an ID: only one name and the same containers make one engine."""
    if engine.status != "ok" or not engine.id:
        return object()  # the same as no other
    containers = case.get(EngineContainers(engine.context)).value_or(())
    return engine.id, engine.name, frozenset(container.id for container in containers)


@memo
def images_on(case: Case, engine: str) -> Answer[Mapping[str, ImageFacts]]:
    """The images of an engine's store, by ID."""
    listed = case.get(EngineImages(engine))
    return listed.then(lambda images: Found({image.id: image for image in images}))
