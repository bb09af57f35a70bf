from __future__ import annotations

import pytest

from iac_ec2lint.graph.graph import Graph
from iac_ec2lint.graph.memo import remembered

_ASKED: list[tuple[object, ...]] = []


@remembered
def half(graph: Graph, number: int) -> int | None:
    """Half of an even number."""
    _ASKED.append((graph, number))
    return None if number % 2 else number // 2


@remembered
def size(graph: Graph) -> int:
    _ASKED.append((graph,))
    return len(list(graph.all()))


@remembered
def total(_graph: Graph, first: int, second: int) -> int:
    return first + second


@pytest.fixture(autouse=True)
def _nothing_asked() -> None:
    _ASKED.clear()


def test_a_question_is_answered_once_for_each_graph_and_argument() -> None:
    one, other = Graph(()), Graph(())
    assert [half(one, 4), half(one, 4), half(one, 6), half(other, 4)] == [2, 2, 3, 2]
    assert [(one, 4), (one, 6), (other, 4)] == _ASKED
    assert [size(one), size(one)] == [0, 0]
    assert _ASKED[3:] == [(one,)]


def test_none_is_an_answer_like_any_other() -> None:
    graph = Graph(())
    assert half(graph, 3) is None
    assert half(graph, 3) is None
    assert [(graph, 3)] == _ASKED


def test_functions_do_not_share_answers() -> None:
    graph = Graph(())
    assert half(graph, 8) == 4
    assert total(graph, 8, 1) == 9
    assert total(graph, 1, 8) == 9


def test_a_question_that_fails_is_asked_again() -> None:
    attempts: list[int] = []

    @remembered
    def failing(_graph: Graph, key: str) -> int:
        attempts.append(1)
        return {"there": 1}[key]

    graph = Graph(())
    for _ in range(2):
        with pytest.raises(KeyError, match="missing"):
            failing(graph, "missing")
    assert len(attempts) == 2
    assert failing(graph, "there") == 1


def test_arguments_are_given_by_position() -> None:
    with pytest.raises(TypeError, match="number"):
        half(Graph(()), number=4)  # type: ignore[call-arg]


def test_a_function_that_could_be_asked_in_two_ways_is_refused() -> None:
    def defaulting(_graph: Graph, number: int = 1) -> int:
        return number

    def naming(_graph: Graph, *, number: int) -> int:
        return number

    with pytest.raises(TypeError, match="defaulting is remembered"):
        remembered(defaulting)
    with pytest.raises(TypeError, match="naming is remembered"):
        remembered(naming)  # type: ignore[arg-type]


def test_an_argument_that_cannot_be_a_key_is_refused() -> None:
    @remembered
    def first(_graph: Graph, numbers: list[int]) -> int:
        return numbers[0]

    with pytest.raises(TypeError, match="unhashable"):
        first(Graph(()), [1])


def test_it_keeps_its_name_and_its_words() -> None:
    assert (half.__name__, half.__doc__) == ("half", "Half of an even number.")
