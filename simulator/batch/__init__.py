"""All these runs, overnight: every schedule of every file, resumable, and one table in the morning."""

from simulator.batch.dry_run import Forecast, forecast
from simulator.batch.night import Batch, batch
from simulator.batch.standing import Standing

__all__ = ["Batch", "Forecast", "Standing", "batch", "forecast"]
