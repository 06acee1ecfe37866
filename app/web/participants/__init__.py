"""The participants' pages: from the code on the letter to the receipt, without a script."""
