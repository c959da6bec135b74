"""The wheel carries the checkpoint and the codebook: installed away from the clone, it labels a seed."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from hatchling.builders.wheel import WheelBuilder

    out = tmp_path_factory.mktemp("wheel")
    return Path(next(iter(WheelBuilder(str(ROOT)).build(directory=str(out), versions=["standard"]))))


def test_the_wheel_holds_what_a_user_needs(wheel: Path):
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {"discourse/codebook.md", "discourse/checkpoint/config.json", "discourse/checkpoint/README.md"} <= names
    assert not [name for name in names if name.startswith(("tests/", "seeds/", "models/"))]
    assert wheel.stat().st_size < 100e6, "PyPI takes files up to 100 MB"


def test_the_wheel_labels_a_seed_away_from_the_clone(wheel: Path, tmp_path: Path):
    home = tmp_path / "venv"
    venv.create(home, with_pip=False)
    python = home / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    site = Path(
        subprocess.run(
            [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
            capture_output=True, text=True, check=True,
        ).stdout.strip()
    )  # fmt: skip
    zipfile.ZipFile(wheel).extractall(site)
    # the dependencies come from here by path: nested .pth files, such as that of the clone, are not followed
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    seed = ROOT / "seeds" / "000_49efb7a1ad89592d.txt"
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    done = subprocess.run(
        [python, "-m", "discourse", "run", str(seed), "-o", "out", "--target", "l'accord"],
        cwd=tmp_path, capture_output=True, text=True, env=environment, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "3 labels" in done.stderr
    where = subprocess.run(
        [python, "-c", "import discourse; print(discourse.__file__)"], cwd=tmp_path, capture_output=True, text=True,
        env=environment, check=True,
    )  # fmt: skip
    assert str(site) in where.stdout
    assert sys.prefix not in where.stdout
    assert (tmp_path / "out" / "report.html").is_file()
