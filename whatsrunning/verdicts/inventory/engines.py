"""The engines of a look, each once, and what they list (DESIGN section 1)."""

from collections.abc import Mapping
from datetime import timedelta

from whatsrunning.facts.answers import Answer, Found, Unknown
from whatsrunning.facts.queries import EngineContainers, EngineImages, EngineInfo
from whatsrunning.facts.records import ContainerFacts, EngineFacts, ImageFacts
from whatsrunning.facts.scope import Target
from whatsrunning.facts.store import Case, memo
from whatsrunning.report.container import Engine


@memo
def engines(case: Case) -> tuple[Engine, ...]:
    """Every engine that was named, in that order; a second context to one engine is left out."""
    made: list[Engine] = []
    for engine in [_engine(case, target) for target in case.scope.targets]:
        if not any(_same(case, engine, other) for other in made):
            made.append(engine)
    return tuple(made)


def _engine(case: Case, target: Target) -> Engine:
    info = case.get(EngineInfo(target.name))
    listed = case.get(EngineContainers(target.name))
    case.get(EngineImages(target.name))
    named = info.value if isinstance(info, Found) else None
    failed = next((each for each in (info, listed) if isinstance(each, Unknown)), None)
    return Engine(
        id=named.id if named else "",
        context=target.name,
        endpoint=target.endpoint,
        name=named.name if named else "",
        version=named.version if named else "",
        status="unreachable" if failed else "ok",
        chosen_by=target.chosen_by,
        clock_skew_s=_skew(named) if named else None,
        problem=failed.problem if failed else None,
        product=named.product if named else "docker",
    )


def _skew(info: EngineFacts) -> float | None:
    """Engine minus us, in seconds; the middle of the request is when the engine answered."""
    if info.system_time is None:
        return None
    middle = info.asked_at + (info.answered_at - info.asked_at) / 2
    return (info.system_time - middle) / timedelta(seconds=1)


def _same(case: Case, one: Engine, other: Engine) -> bool:
    """Cloned machines share an ID: only one name and the same containers make one engine."""
    if "unreachable" in (one.status, other.status) or not one.id:
        return False
    if (one.id, one.name) != (other.id, other.name):
        return False
    mine, theirs = containers_on(case, one.context), containers_on(case, other.context)
    return {each.id for each in mine} == {each.id for each in theirs}


def info_of(case: Case, engine: str) -> EngineFacts | None:
    """What the engine says of itself, if it does."""
    info = case.get(EngineInfo(engine))
    return info.value if isinstance(info, Found) else None


def containers_on(case: Case, engine: str) -> tuple[ContainerFacts, ...]:
    """The containers of an engine that answered, stopped ones too."""
    listed = case.get(EngineContainers(engine))
    return tuple(listed.value) if isinstance(listed, Found) else ()


@memo
def images_on(case: Case, engine: str) -> Answer[Mapping[str, ImageFacts]]:
    """The images of an engine's store, by ID."""
    listed = case.get(EngineImages(engine))
    return listed.then(lambda images: Found({image.id: image for image in images}))
