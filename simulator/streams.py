"""Uniform numbers by name: the only module that makes random or quasi-random numbers.

A stream is a function of (seed, name, block of replications) and of nothing else, so it does not matter who asks,
in which order, for which range of replications, or what other streams there are. Its key is hashed (BLAKE2b) into
the 256 bits of state and increment of a PCG64-DXSM generator, one of a family of 2¹²⁷ sequences
(O'Neill, HMC-CS-2014-0905, 2014). Setting the state of one generator costs 4 µs where a new `SeedSequence` and
generator cost 15.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from hashlib import blake2b
from itertools import count
from typing import Final, Literal, TypeAlias, get_args

import numpy as np
from numpy.random import PCG64DXSM, Generator
from numpy.typing import NDArray

from simulator.errors import StaggerError

FloatArray: TypeAlias = NDArray[np.float64]
Sampling: TypeAlias = Literal["random", "latin-hypercube", "sobol"]

STREAM_BLOCK: Final = 16384
"""Replications per plain stream: a key set up once costs 0.3 ns a number, and a range skips ahead within a block."""
DESIGN_BLOCK: Final = 1000
"""Replications per Latin hypercube; designs are independent, so their spread is an honest error bar."""
NET_BLOCK: Final = 1024
"""Replications per scrambled Sobol' net; nets are scrambled independently."""
NET_DIMENSIONS: Final = 383
"""Dimensions of the net that variables are spread over.

Of the first 384 dimensions, no two share a leading bit in all of the first 1,024 points; from 465 on, some pairs do,
and their correlation in one net is ±¾. More dimensions would mean fewer shared slots, so this is the most that is safe;
it is prime, so that every step of a probe visits every slot.
"""
LARGEST: Final = 1.0 - 2.0**-53
SMALLEST: Final = 2.0**-54


def sampling_named(text: str) -> Sampling:
    """The kind of sampling that ``text`` names, in any case and with spaces, hyphens or underscores.

    Raises:
        StaggerError: there is no such kind.
    """
    name = "-".join(str(text).lower().replace("_", " ").replace("-", " ").split())
    for kind in get_args(Sampling):
        if name == kind:
            return kind
    raise StaggerError(f"sampling must be random, latin-hypercube or sobol (found {text}).")


def natural_block(sampling: Sampling) -> int:
    """The number of replications whose multiples ``sampling`` serves best: 1 where any number is as good."""
    return {"random": 1, "latin-hypercube": DESIGN_BLOCK, "sobol": NET_BLOCK}[sampling]


@dataclass(frozen=True)
class Streams:
    """Streams of uniforms for one seed and kind of sampling.

    ``dimensions`` gives the dimension of the Sobol' net of each variable that has one; the others, and all where
    sampling is not `sobol`, are not looked up.
    """

    seed: int
    sampling: Sampling
    dimensions: Mapping[str, int] = field(default_factory=dict)

    def uniform(self, name: str, first: int, count: int, deep: bool = False) -> FloatArray:
        """Uniforms strictly inside (0, 1) of the replications ``first`` to ``first + count``, shape (count,).

        A ``deep`` variable, one that few replications ever look at, comes from a plain stream whatever the sampling:
        strata over all replications do not stratify those few. So do, under Sobol' sampling, those for which no
        dimension is left (padding: Owen, SIAM Review 40, 1998).
        """
        if deep or self.sampling == "random":
            return _plain(self.seed, name, first, count)
        if self.sampling == "latin-hypercube":
            return _stratified(self.seed, name, first, count)
        if name in self.dimensions:
            return _net(self.seed, name, self.dimensions[name], first, count)
        return _plain(self.seed, name, first, count)


def twin(name: str) -> str:
    """The name of a second stream for the same variable, independent of the first; no variable has such a name.

    Under Sobol' sampling twins are plain streams: a twin that shared its variable's dimension would not be independent
    of it, and dimensions of their own would move those of others.
    """
    return f"twin\0{name}"


def spread(names: Iterable[str]) -> dict[str, int]:
    """A dimension of the Sobol' net for each name, as far as they go round.

    Each name has its own order of slots and its own precedence, both hashed from it, and takes the first slot that no
    name before it has (open addressing with double hashing). So the result depends on the set of names alone, and a
    name added or removed moves another only if they meet in a slot.
    """
    taken: dict[int, str] = {}
    for _, start, step, name in sorted(_probe(name) for name in set(names)):
        if len(taken) == NET_DIMENSIONS:
            break
        slot = next(s for i in count() if (s := (start + i * step) % NET_DIMENSIONS) not in taken)
        taken[slot] = name
    return {name: slot for slot, name in taken.items()}


def _probe(name: str) -> tuple[int, int, int, str]:
    """A name's precedence, first slot and step from slot to slot."""
    digest = _hash(f"slot\0{name}")
    words = [int.from_bytes(digest[i : i + 8], "little") for i in (0, 8, 16)]
    return words[0], words[1] % NET_DIMENSIONS, 1 + words[2] % (NET_DIMENSIONS - 1), name


def _plain(seed: int, name: str, first: int, count: int) -> FloatArray:
    out = np.empty(count)
    done = 0
    while done < count:
        block, skip = divmod(first + done, STREAM_BLOCK)
        part = out[done : done + STREAM_BLOCK - skip]
        generator = _generator(f"random\0{seed}\0{block}\0{name}", skip)
        generator.random(out=part)
        done += part.size
    return np.maximum(out, SMALLEST, out=out)


def _stratified(seed: int, name: str, first: int, count: int) -> FloatArray:
    """One value in each of a design's equal strata, in an order of the variable's own.

    McKay, Beckman and Conover, Technometrics 21 (1979).
    """
    blocks = _blocks(first, count, DESIGN_BLOCK)
    numbers = np.empty((len(blocks), 2 * DESIGN_BLOCK))
    for row, block in zip(numbers, blocks, strict=True):
        _generator(f"design\0{seed}\0{block}\0{name}").random(out=row)
    strata = np.argsort(numbers[:, :DESIGN_BLOCK], axis=1)
    return _within((strata + numbers[:, DESIGN_BLOCK:]) / DESIGN_BLOCK, first, count)


def _net(seed: int, name: str, dimension: int, first: int, count: int) -> FloatArray:
    """One dimension of scipy's Sobol' net, scrambled by Owen's nested uniform permutations.

    Owen, in: Monte Carlo and Quasi-Monte Carlo Methods (1995). In one dimension the net has a single point in each
    interval of 1/1024, so the permutations are random flips of its ten binary digits, each digit's flip depending on
    the digits before it, and a uniform place within the interval. Each variable and block has flips of its own.
    """
    blocks = _blocks(first, count, NET_BLOCK)
    places = np.empty((len(blocks), NET_BLOCK))
    flips = np.empty((len(blocks), NET_BLOCK), dtype=np.uint8)
    for block, place, flip in zip(blocks, places, flips, strict=True):
        generator = _generator(f"net\0{seed}\0{block}\0{name}")
        generator.random(out=place)
        flip[:] = np.unpackbits(np.frombuffer(generator.bytes(NET_BLOCK // 8), dtype=np.uint8))
    intervals = _scrambled(flips).take(_points()[dimension], axis=1)
    return _within((intervals + places) / NET_BLOCK, first, count)


def _scrambled(flips: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Where each of the 1,024 intervals goes, (blocks, 1024); ``flips[:, 2ᵏ + p]`` flips digit k behind prefix p."""
    goes = np.zeros((len(flips), 1), dtype=np.int64)
    while (size := goes.shape[1]) < NET_BLOCK:
        longer = np.empty((len(flips), 2 * size), dtype=np.int64)
        longer[:, ::2] = 2 * goes + flips[:, size : 2 * size]
        longer[:, 1::2] = longer[:, ::2] ^ 1
        goes = longer
    return goes


@cache
def _points() -> NDArray[np.intp]:
    """The interval of 1/1024 in which each point of the net lies, (dimensions, 1024)."""
    from scipy.stats import qmc

    points = qmc.Sobol(NET_DIMENSIONS, scramble=False).random(NET_BLOCK)
    return np.ascontiguousarray((points * NET_BLOCK).astype(np.intp).T)


def _blocks(first: int, count: int, size: int) -> range:
    return range(first // size, -(-(first + count) // size))


def _within(rows: FloatArray, first: int, count: int) -> FloatArray:
    """The part of whole blocks that was asked for, kept off 0 and 1."""
    skip = first % rows.shape[1]
    return np.clip(rows.reshape(-1)[skip : skip + count], SMALLEST, LARGEST)


def _generator(key: str, skip: int = 0) -> Generator:
    """This thread's generator at the ``skip``-th number of the stream ``key``; the next call moves it elsewhere."""
    digest = _hash(key)
    generator = _own_generator()
    generator.bit_generator.state = {
        "bit_generator": "PCG64DXSM",
        "state": {
            "state": int.from_bytes(digest[:16], "little"),
            "inc": int.from_bytes(digest[16:], "little") | 1,
        },
        "has_uint32": 0,
        "uinteger": 0,
    }
    if skip:
        generator.bit_generator.advance(skip)  # type: ignore[attr-defined]
    return generator


def _hash(text: str) -> bytes:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=32).digest()


_threads: Final = threading.local()


def _own_generator() -> Generator:
    if not hasattr(_threads, "generator"):
        _threads.generator = Generator(PCG64DXSM(0))
    generator: Generator = _threads.generator
    return generator
