"""The Google Reader API, as FreshRSS and Miniflux serve it, so that programs written for them read here, too."""
