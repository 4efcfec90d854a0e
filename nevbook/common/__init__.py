"""What every room uses: errors, periods, intervals, settings, words, files, worker processes."""
