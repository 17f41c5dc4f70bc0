"""Press, radio, transport, telecoms: told by a sheet behind a link, each asked whether it took it."""
