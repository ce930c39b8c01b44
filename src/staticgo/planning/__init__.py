"""Planning: (project facts, platform, policy, toolchains) -> Plan. Pure; it starts nothing."""
