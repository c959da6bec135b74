"""Make many small facts fast: fill the slots of a frozen dataclass without asking it for leave."""

from __future__ import annotations

from dataclasses import MISSING, fields
from typing import Any, TypeVar

Fact = TypeVar("Fact")


def filled_directly(fact: type[Fact]) -> type[Fact]:
    """Let a frozen dataclass with slots be made in a quarter of its own time.

    Its own initializer calls `object.__setattr__` for each field by name, as it must for any class. Here the fields are
    set on an object of a class with the same slots that is not frozen, the one way that the interpreter makes fast,
    and the object becomes a fact when it is filled. The maker is written out as source, as dataclasses does
    (benchmarks/threads.py measures building).
    """
    slots = tuple(field.name for field in fields(fact))  # type: ignore[arg-type]
    known: dict[str, Any] = {"Unfrozen": type(fact.__name__, (), {"__slots__": slots})}
    parameters, steps = ["fact"], ["    made = Unfrozen()"]
    for field in fields(fact):  # type: ignore[arg-type]
        known[f"default_{field.name}"] = field.default
        parameters.append(field.name if field.default is MISSING else f"{field.name}=default_{field.name}")
        steps.append(f"    made.{field.name} = {field.name}")
    steps += ["    made.__class__ = fact", "    return made"]
    exec("\n".join((f"def __new__({', '.join(parameters)}):", *steps)), known)
    make = known["__new__"]
    make.__qualname__, make.__annotations__ = f"{fact.__qualname__}.__new__", fact.__init__.__annotations__
    fact.__new__ = make  # type: ignore[method-assign]
    fact.__reduce__ = _reduced  # type: ignore[method-assign,assignment]
    del fact.__init__
    return fact


def _reduced(fact: Any) -> tuple[type, tuple[Any, ...]]:
    """Copy and pickle a fact by its values: without them it cannot be made."""
    return type(fact), tuple(getattr(fact, field.name) for field in fields(fact))
