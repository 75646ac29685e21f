#!/bin/sh
file=$(readlink -f "$0") && . "${file%/*}/launch"
