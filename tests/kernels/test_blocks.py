"""Work shared by threads: every part once, all threads at once, the first error raised."""

from __future__ import annotations

import signal
import time
from collections import Counter
from threading import Barrier, Event, Thread, get_ident

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symgan.kernels import KernelError
from symgan.kernels.blocks import in_blocks, share


@given(size=st.integers(0, 60), workers=st.integers(1, 5))
def test_every_part_is_worked_on_once(size: int, workers: int) -> None:
    found: list[int] = []
    share(found.append, range(size), workers)
    assert Counter(found) == Counter(range(size))


@given(size=st.integers(0, 70), workers=st.integers(1, 4), block=st.integers(1, 80))
def test_blocks_cover_a_batch_once(size: int, workers: int, block: int) -> None:
    found: list[int] = []
    in_blocks(lambda part: found.extend(range(size)[part]), size, workers, block)
    assert Counter(found) == Counter(range(size))


@pytest.mark.parametrize("workers", [2, 3])
def test_threads_work_at_once(workers: int) -> None:
    """Parts that wait for each other end only if each has a thread."""
    together, who = Barrier(workers, timeout=30), set[int]()

    def work(_: int) -> None:
        together.wait()
        who.add(get_ident())

    share(work, range(workers), workers)
    assert len(who) == workers
    assert get_ident() in who


def test_one_worker_starts_no_thread() -> None:
    who = set[int]()
    share(lambda _: who.add(get_ident()), range(20), 1)
    assert who == {get_ident()}


@pytest.mark.parametrize("workers", [1, 3])
def test_the_first_error_is_raised_and_the_rest_left(workers: int) -> None:
    begun, ended = list[int](), list[int]()

    def work(part: int) -> None:
        begun.append(part)
        try:
            if part == 3:
                raise ZeroDivisionError("part 3")
            time.sleep(0)
        finally:
            ended.append(part)

    with pytest.raises(ZeroDivisionError, match="part 3"):
        share(work, range(100_000), workers)
    done = Counter(ended)
    assert Counter(begun) == done  # nobody works any more, nor begins to
    time.sleep(0.05)
    assert Counter(begun) == done
    assert len(begun) < 100_000


def test_an_error_of_a_helper_reaches_the_caller() -> None:
    here, other = get_ident(), Event()

    def work(_: int) -> None:
        if get_ident() == here:
            assert other.wait(30)
        else:
            other.set()
            raise IndexError("not ours")

    with pytest.raises(IndexError, match="not ours"):
        share(work, range(2), 2)


def test_an_interruption_while_waiting_ends_the_work() -> None:
    """The last part is a helper's, the main thread waits for it, and Ctrl-C comes."""
    here, entered, done = get_ident(), Event(), list[int]()
    interrupted = Event()

    def on_interrupt(*_: object) -> None:
        interrupted.set()
        raise KeyboardInterrupt

    def work(part: int) -> None:
        if get_ident() == here:
            assert entered.wait(30)
            return
        entered.set()
        assert interrupted.wait(30)
        done.append(part)

    def interrupt() -> None:
        assert entered.wait(30)
        signal.pthread_kill(here, signal.SIGINT)

    kept = signal.signal(signal.SIGINT, on_interrupt)
    try:
        sender = Thread(target=interrupt)
        sender.start()
        with pytest.raises(KeyboardInterrupt):
            share(work, range(2), 2)
        sender.join()
    finally:
        signal.signal(signal.SIGINT, kept)
    assert len(done) == 1


@pytest.mark.parametrize("workers", [0, -1, 1.5, True])
def test_a_count_of_threads_that_is_none(workers: object) -> None:
    with pytest.raises(KernelError, match="workers must be a whole number of at least 1"):
        in_blocks(lambda _: None, 3, workers)  # pyright: ignore[reportArgumentType]
