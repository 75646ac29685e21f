#!/bin/bash
echo prepared > /root/prepared
