#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# A real Slurm on this machine, without systemd: the printed script submits the array and the merge,
# one part fails and is put back in the queue, and the result is that of one run. Prints TAP; all is
# skipped, and says why, where Slurm cannot run. For `./bootstrap check --all`.
set -u
: "${HEADROOM:?the program to test}" "${HEADROOM_DATA:?its data}"
PATH=$PATH:/usr/sbin:/sbin

skip_all() {
    echo "1..0 # SKIP $1"
    exit 0
}

for program in munged slurmctld slurmd sbatch scontrol sinfo squeue; do
    command -v "$program" > /dev/null || skip_all "$program is not installed (slurm-wlm, munge)"
done
[ "$(id -u)" -eq 0 ] || skip_all "the daemons are started as root"

dir=$(mktemp -d) || exit 1
host=$(hostname -s)
mkdir -p "$dir"/{munge,state,spool,log,bin}
# munged wants everybody to reach its socket.
chmod 755 "$dir" "$dir/munge"

# Stops what was started here, by its own process ids.
stop() {
    local name pid
    for name in slurmd slurmctld munged; do
        pid=$(cat "$dir/$name.pid" 2> /dev/null) || continue
        kill "$pid" 2> /dev/null
        for _ in $(seq 50); do
            kill -0 "$pid" 2> /dev/null || break
            sleep 0.2
        done
    done
    cd / && rm -rf "$dir"
}
trap stop EXIT

memory_mib=$(($(awk '/^MemTotal:/ { print $2 }' /proc/meminfo) / 1024 - 256))
export SLURM_CONF=$dir/slurm.conf
cat > "$SLURM_CONF" << CONF
ClusterName=headroom
SlurmctldHost=$host(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$dir/munge/sock
CredType=cred/munge
SlurmctldPort=16817
SlurmdPort=16818
CommunicationParameters=NoInAddrAny,NoCtldInAddrAny
StateSaveLocation=$dir/state
SlurmdSpoolDir=$dir/spool
SlurmctldPidFile=$dir/slurmctld.pid
SlurmdPidFile=$dir/slurmd.pid
SlurmctldLogFile=$dir/log/slurmctld.log
SlurmdLogFile=$dir/log/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/filetxt
JobCompLoc=$dir/log/jobcomp.txt
SwitchType=switch/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerType=sched/backfill
SchedulerParameters=sched_interval=5,bf_interval=5,default_queue_depth=1000,batch_sched_delay=0
ReturnToService=2
MailProg=/bin/true
KillWait=2
MinJobAge=300
NodeName=$host NodeAddr=127.0.0.1 CPUs=$(nproc) RealMemory=$memory_mib State=UNKNOWN
PartitionName=main Nodes=$host Default=YES MaxTime=INFINITE State=UP OverSubscribe=NO
CONF
dd if=/dev/urandom of="$dir/munge/key" bs=1024 count=1 2> /dev/null
chmod 600 "$dir/munge/key"
munged --key-file="$dir/munge/key" --socket="$dir/munge/sock" --pid-file="$dir/munged.pid" \
    --log-file="$dir/munge/log" --seed-file="$dir/munge/seed" > "$dir/log/munged" 2>&1 ||
    skip_all "munged does not start: $(tail -n 1 "$dir/log/munged")"
slurmctld -f "$SLURM_CONF" > "$dir/log/start" 2>&1 || skip_all "slurmctld does not start"
slurmd -f "$SLURM_CONF" -N "$host" > "$dir/log/start" 2>&1 || skip_all "slurmd does not start"
for _ in $(seq 100); do
    [ "$(sinfo -h -o %T 2> /dev/null)" = idle ] && break
    sleep 0.2
done
[ "$(sinfo -h -o %T 2> /dev/null)" = idle ] || skip_all "the node does not become idle"

echo "1..4"
n=0
verdict() {
    n=$((n + 1))
    if [ "$2" -eq 0 ]; then echo "ok $n - $1"; else echo "not ok $n - $1"; fi
}

cd "$dir" || exit 1
cat > sweep.yaml << 'YAML'
base:
  platform: vsphere
  cluster: {hosts: 2, server: dell-r660-2x16, memory_mib: 131072}
  run: {hours: 6, spare_hosts: 1, failure_tail_h: 1}
  guests:
    - {name: sql, count: 2, vcpus: 4, memory_mib: 16384, os: windows-2022}
    - {name: web, count: 3, vcpus: 2, memory_mib: 8192, os: linux-5}
axes:
  - {name: platform, platform: [vsphere, xcpng]}
  - {name: seed, path: run.seed, from: 1, to: 100, steps: 100}
YAML
"$HEADROOM" sweep sweep.yaml -q -o whole.db --csv whole.csv > /dev/null

# The second part is killed when it runs for the first time.
cat > bin/headroom << SH
#!/bin/sh
case "\$*" in
    *"--shard 2/4"*)
        if [ ! -e "$dir/killed" ]; then
            : > "$dir/killed"
            "$HEADROOM" "\$@" &
            sleep 0.3
            kill -KILL \$!
            wait
            exit 137
        fi
        ;;
esac
exec "$HEADROOM" "\$@"
SH
chmod +x bin/headroom
export PATH=$dir/bin:$PATH
headroom sweep sweep.yaml --slurm-script --shards 4 -o result.db > submit.sh
sh submit.sh > submitted 2> submit.err
verdict "both jobs are submitted" $?
sed 's/^/# /' submitted submit.err

for _ in $(seq 900); do
    [ -z "$(squeue -h -o %i)" ] && break
    sleep 0.2
done
[ -s result.db ] && [ "$(sqlite3 result.db 'SELECT complete FROM sweep')" = 1 ]
verdict "the parts are merged into a whole" $?
sed 's/^/# /' result.db.*.log 2> /dev/null | tail -n 20
[ -e killed ] && grep -q . result.db.part-2.log
verdict "the part that was killed was put back in the queue" $?
headroom merge again.db result.db.part-[1-4] --csv merged.csv > /dev/null && cmp whole.csv merged.csv
verdict "the points are those of one run" $?
