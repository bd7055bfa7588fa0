"""BioLogic: EC-Lab and BT-Lab text; tabs in an .mpt, semicolons in a Modulo Bat CSV.

The second line of an .mpt says how many lines there are down to the header. Which columns there are depends on the
technique. ``time/s`` is seconds, or a clock like 05/05/2021 15:36:22.757. Where the language of the machine has it,
the decimal sign is a comma. "Energy discharge" is negative. "Q charge" begins again with every half cycle. A row of an
impedance spectrum has a frequency and is no reading. ``cycle number`` counts from 0.
"""

from pipelines.sources.cyclers.table import Export

BIOLOGIC = Export(
    make="biologic",
    title="BioLogic text export",
    columns={
        "cycle_count": ("cycle number", "z cycle", "cycle_index"),
        "step_id": ("Ns",),
        "test_time_second": ("time", "t", "relative time"),
        "step_time_second": ("step time",),
        "unix_time_second": ("uts",),
        "current_ampere": ("I", "Current"),
        "voltage_volt": ("Ecell", "Ewe-Ece", "Ewe", "U"),
        "charging_capacity_ah": ("Q charge",),
        "discharging_capacity_ah": ("Q discharge",),
        "charging_energy_wh": ("Energy charge",),
        "discharging_energy_wh": ("Energy discharge",),
        "capacity_ah": ("(Q-Qo)",),
        "energy_wh": ("Energy",),
        "temperature_t1_celsius": ("Temperature", "T", "Temp"),
        "frequency_hertz": ("freq/Hz",),
    },
    required=(("test_time_second", "unix_time_second"), "current_ampere", "voltage_volt"),
    spelled=r"<?(Ecell|Ewe)>?( ?/ ?m?V| ?\(m?V\))|<?I>?/.+|Ecell/V|Ns",
    single_counter="net",
)
