"""The words that all stages speak: frozen values, standard library only, no behaviour of their own."""
