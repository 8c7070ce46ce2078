"""The tests of whatsrunning; they mirror the package, and `world` holds the real parts."""
