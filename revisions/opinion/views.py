"""意見の画面: the ledger, one opinion, and keying in what came on paper."""
