while [ ! -f /root/prepared ]; do sleep 0.1; done
echo all set
