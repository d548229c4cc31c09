"""Readers of our own making on any catalogue: a log of which the truth is known (docs/simulator.md).

What belongs here: the model of readers, its constants, and writing its log and its truth. What does not: anything that
judges a ranking. A figure that comes from a simulated log says whether the machinery works, never how good it is for
people.
"""

from reader.replay.simulator.generated import generate_items
from reader.replay.simulator.settings import SimulationSettings
from reader.replay.simulator.simulation import Life, Simulation, simulate
from reader.replay.simulator.watching import WatchSimulation, WatchSimulationSettings, simulate_watching
from reader.replay.simulator.writing import Written, write_simulation

__all__ = [
    "Life",
    "Simulation",
    "SimulationSettings",
    "WatchSimulation",
    "WatchSimulationSettings",
    "Written",
    "generate_items",
    "simulate",
    "simulate_watching",
    "write_simulation",
]
