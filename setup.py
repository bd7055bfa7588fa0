"""ChargeTracker: live analysis of rechargeable batteries under test."""

from setuptools import find_packages, setup

setup(
    name="chargetracker",
    version="0.1.0",
    description="Analyses rechargeable batteries while they are being tested.",
    license="Apache-2.0",
    python_requires=">=3.11",
    packages=find_packages(include=[f"{name}*" for name in ("schemas", "pipelines", "simulator", "dashboard")]),
    package_data={"schemas": ["json/*.json"], "dashboard": ["static/*"]},
    install_requires=[
        "apache-beam==2.77.0",
        "bokeh>=3.9.2,<3.10",
        "msgspec>=0.20",
        "numpy>=1.26",
        "panel>=1.9.4,<1.10",
        "panel-material-ui>=0.16.6,<0.17",
        "psutil>=5.9",
        "pyarrow>=18",
        "rich>=13",
        "tsdownsample>=0.1.4",
        "typer>=0.15",
    ],
    extras_require={
        "dev": [
            "hypothesis>=6.100",
            "jsonschema>=4.20",
            "mypy>=1.14",
            "playwright>=1.49",
            "pytest>=8",
            "pytest-cov>=5",
            "pytest-timeout>=2.3",
            "ruff>=0.8",
        ],
    },
    entry_points={"console_scripts": ["chargetracker=pipelines.cli.main:main"]},
)
