"""whatsrunning: what exact commit is running right now, and can it be believed?"""

__version__ = "0.1.0"
