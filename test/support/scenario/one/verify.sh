#!/bin/bash
grep -qs milk /root/list || { echo "no milk on the list"; exit 1; }
