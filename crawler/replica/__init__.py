"""A web of saved pages on this machine, which stands in for the network.

Real spiders run on real URLs; only the dialling is replaced. See docs/replica-web.md.
"""

from crawler.replica.sent import Sent
from crawler.replica.server import BUILT_IN, Replica

__all__ = ["BUILT_IN", "Replica", "Sent"]
