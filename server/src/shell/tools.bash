# Help with Kafka's command-line tools: completion, and a word under the tool's own error when a name or an option
# was mistyped. Never changes what a tool prints or its exit code.

declare -gA __brokerlab_options=(
  [kafka-topics.sh]='--alter --at-min-isr-partitions --bootstrap-server --command-config --config --create --delete --delete-config --describe --exclude-internal --help --if-exists --if-not-exists --list --partition-size-limit-per-response --partitions --replica-assignment --replication-factor --topic --topic-id --topics-with-overrides --unavailable-partitions --under-min-isr-partitions --under-replicated-partitions --version'
  [kafka-configs.sh]='--add-config --add-config-file --all --alter --bootstrap-controller --bootstrap-server --broker --broker-defaults --broker-logger --client --client-defaults --client-metrics --command-config --delete-config --describe --entity-default --entity-name --entity-type --group --help --ip --ip-defaults --topic --user --user-defaults --version'
  [kafka-console-producer.sh]='--batch-size --bootstrap-server --command-config --command-property --compression-codec --help --line-reader --max-block-ms --max-memory-bytes --max-partition-memory-bytes --message-send-max-retries --metadata-expiry-ms --producer-property --producer.config --property --reader-config --reader-property --request-required-acks --request-timeout-ms --retry-backoff-ms --socket-buffer-size --sync --timeout --topic --version'
  [kafka-console-consumer.sh]='--bootstrap-server --command-config --command-property --consumer-property --consumer.config --enable-systest-events --formatter --formatter-config --formatter-property --from-beginning --group --help --include --isolation-level --key-deserializer --max-messages --offset --partition --property --skip-message-on-error --timeout-ms --topic --value-deserializer --version'
  [kafka-consumer-groups.sh]='--all-groups --all-topics --bootstrap-server --by-duration --command-config --delete --delete-offsets --describe --dry-run --execute --export --from-file --group --help --list --members --offsets --reset-offsets --shift-by --state --timeout --to-current --to-datetime --to-earliest --to-latest --to-offset --topic --type --validate-regex --verbose --version'
  [kafka-groups.sh]='--bootstrap-server --command-config --consumer --group-type --help --list --protocol --share --streams --version'
  [kafka-reassign-partitions.sh]='--additional --bootstrap-controller --bootstrap-server --broker-list --cancel --command-config --disable-rack-aware --disallow-replication-factor-change --execute --generate --help --list --preserve-throttles --reassignment-json-file --replica-alter-log-dirs-throttle --throttle --timeout --topics-to-move-json-file --verify --version'
  [kafka-leader-election.sh]='--admin.config --all-topic-partitions --bootstrap-server --command-config --election-type --help --partition --path-to-json-file --topic --version'
  [kafka-metadata-quorum.sh]='--bootstrap-controller --bootstrap-server --command-config --controller-directory-id --controller-id --dry-run --help --human-readable --replication --status'
  [kafka-get-offsets.sh]='--bootstrap-server --command-config --exclude-internal-topics --help --partitions --time --topic --topic-partitions --version'
  [kafka-log-dirs.sh]='--bootstrap-server --broker-list --command-config --describe --help --topic-list --version'
  [kafka-delete-records.sh]='--bootstrap-server --command-config --help --offset-json-file --version'
  [kafka-transactions.sh]='--bootstrap-server --broker-id --command-config --coordinator-epoch --duration-filter --help --max-transaction-timeout --partition --producer-epoch --producer-id --start-offset --topic --transactional-id --transactional-id-pattern --transactionalId --version'
  [kafka-features.sh]='--bootstrap-controller --bootstrap-server --command-config --dry-run --feature --help --metadata --node-id --release-version --unsafe'
  [kafka-cluster.sh]='--bootstrap-controller --bootstrap-server --command-config --config --help --id --include-fenced-brokers'
  [kafka-broker-api-versions.sh]='--bootstrap-server --command-config --help --version'
  [kafka-producer-perf-test.sh]='--bootstrap-server --command-config --command-property --help --num-records --payload-delimiter --payload-file --payload-monotonic --print-metrics --producer-props --producer.config --record-size --reporting-interval --throughput --topic --transaction-duration-ms --transactional-id --warmup-records'
  [kafka-consumer-perf-test.sh]='--bootstrap-server --command-config --command-property --consumer.config --date-format --fetch-size --from-latest --group --help --hide-header --include --messages --num-records --print-metrics --reporting-interval --show-detailed-stats --socket-buffer-size --timeout --topic --version'
  [kafka-verifiable-producer.sh]='--acks --bootstrap-server --command-config --help --max-messages --message-create-time --producer.config --repeating-keys --throughput --topic --value-prefix'
  [kafka-verifiable-consumer.sh]='--assignment-strategy --bootstrap-server --command-config --consumer.config --enable-autocommit --group-id --group-instance-id --group-protocol --group-remote-assignor --help --max-messages --reset-policy --session-timeout --topic --verbose'
  [kafka-dump-log.sh]='--cluster-metadata-decoder --deep-iteration --files --help --index-sanity-check --key-decoder-class --max-bytes --max-message-size --offsets-decoder --print-data-log --remote-log-metadata-decoder --share-group-state-decoder --skip-record-metadata --transaction-log-decoder --value-decoder-class --verify-index-only --version'
  [kafka-storage.sh]='--add-scram --cluster-id --config --feature --help --ignore-formatted --initial-controllers --no-initial-controllers --release-version --standalone'
  [connect-mirror-maker.sh]='--clusters --help --status'
  [kafka-acls.sh]='--add --allow-host --allow-principal --bootstrap-controller --bootstrap-server --cluster --command-config --consumer --delegation-token --deny-host --deny-principal --force --group --help --idempotent --list --operation --principal --producer --remove --resource-pattern-type --topic --transactional-id --user-principal --version'
)

# Words that come before or among the options.
declare -gA __brokerlab_commands=(
  [kafka-metadata-quorum.sh]='describe add-controller remove-controller'
  [kafka-transactions.sh]='list describe describe-producers abort find-hanging forceTerminateTransaction'
  [kafka-features.sh]='describe upgrade downgrade disable version-mapping feature-dependencies'
  [kafka-cluster.sh]='cluster-id unregister list-endpoints'
)

# What people type because a slide, an old book or a habit says so. 'tool option' → what to type instead.
declare -gA __brokerlab_slips=(
  ['kafka-topics.sh --partition']='--partitions'
  ['kafka-topics.sh --replication']='--replication-factor'
  ['kafka-topics.sh --replicas']='--replication-factor'
  ['kafka-topics.sh --zookeeper']='--bootstrap-server localhost:9092'
  ['kafka-topics.sh --broker-list']='--bootstrap-server'
  ['kafka-configs.sh --zookeeper']='--bootstrap-server localhost:9092'
  ['kafka-console-consumer.sh --whitelist']='--include'
  ['kafka-console-consumer.sh --zookeeper']='--bootstrap-server localhost:9092'
  ['kafka-console-consumer.sh --broker-list']='--bootstrap-server'
  ['kafka-console-consumer.sh --partitions']='--partition'
  ['kafka-console-consumer.sh --from-begining']='--from-beginning'
  ['kafka-console-consumer.sh --from-start']='--from-beginning'
  ['kafka-console-consumer.sh --group-id']='--group'
  ['kafka-console-producer.sh --broker-list']='--bootstrap-server'
  ['kafka-console-producer.sh --zookeeper']='--bootstrap-server localhost:9092'
  ['kafka-consumer-groups.sh --zookeeper']='--bootstrap-server localhost:9092'
  ['kafka-consumer-groups.sh --groups']='--group'
  ['kafka-consumer-groups.sh --group-id']='--group'
  ['kafka-get-offsets.sh --broker-list']='--bootstrap-server'
  ['kafka-reassign-partitions.sh --zookeeper']='--bootstrap-server localhost:9092'
  ['kafka-reassign-partitions.sh --topics-to-move']='--topics-to-move-json-file'
  ['kafka-reassign-partitions.sh --reassignment-json']='--reassignment-json-file'
  ['kafka-reassign-partitions.sh --brokers']='--broker-list'
  ['kafka-leader-election.sh --all']='--all-topic-partitions'
  ['kafka-leader-election.sh --type']='--election-type'
  ['kafka-leader-election.sh --partitions']='--partition'
  ['kafka-metadata-quorum.sh --describe']='describe'
  ['kafka-log-dirs.sh --topic']='--topic-list'
  ['kafka-log-dirs.sh --topics']='--topic-list'
  ['kafka-log-dirs.sh --broker']='--broker-list'
  ['kafka-log-dirs.sh --list']='--describe'
  ['kafka-delete-records.sh --topic']='--offset-json-file'
  ['kafka-delete-records.sh --json-file']='--offset-json-file'
  ['kafka-transactions.sh --list']='list'
  ['kafka-transactions.sh --describe']='describe'
  ['kafka-transactions.sh --describe-producers']='describe-producers'
  ['kafka-transactions.sh --abort']='abort'
  ['kafka-features.sh --describe']='describe'
  ['kafka-features.sh --upgrade']='upgrade'
  ['kafka-cluster.sh --cluster-id']='cluster-id'
  ['kafka-get-offsets.sh --offset']='--time'
  ['kafka-get-offsets.sh --partition']='--partitions'
  ['kafka-configs.sh --config']='--add-config'
  ['kafka-acls.sh --zookeeper']='--bootstrap-server localhost:9092'
  ['kafka-acls.sh --authorizer-properties']='--bootstrap-server localhost:9092'
)

__brokerlab_korean() { [[ ${LC_ALL:-${LC_MESSAGES:-${LANG-}}} == ko* ]]; }

# say 'Korean' 'English', under what the tool printed.
__brokerlab_say() {
  if __brokerlab_korean; then set -- "$1"; else set -- "$2"; fi
  printf '\e[33m↳ %s\e[0m\n' "$1" >&2
}

# The nearest of the words to $1, in REPLY; fails when none is near.
__brokerlab_nearest() {
  local wanted=$1 candidate best= distance=99 allowed
  shift
  allowed=$((${#wanted} / 4 + 1))
  if ((allowed > 4)); then allowed=4; fi
  for candidate; do
    local difference=$((${#candidate} - ${#wanted}))
    if ((difference > allowed || -difference > allowed)); then continue; fi
    __brokerlab_distance "$wanted" "$candidate"
    if ((REPLY < distance)); then
      distance=$REPLY
      best=$candidate
    fi
  done
  REPLY=$best
  ((distance <= allowed))
}

# How many letters must be typed, left out or changed to get from $1 to $2.
__brokerlab_distance() {
  local one=$1 two=$2 i j cost value diagonal
  local -a row
  while [[ -n $one && ${one:0:1} == "${two:0:1}" ]]; do one=${one:1} two=${two:1}; done
  for ((j = 0; j <= ${#two}; j++)); do row[j]=$j; done
  for ((i = 1; i <= ${#one}; i++)); do
    diagonal=${row[0]}
    row[0]=$i
    for ((j = 1; j <= ${#two}; j++)); do
      cost=1
      if [[ ${one:i-1:1} == "${two:j-1:1}" ]]; then cost=0; fi
      value=$((diagonal + cost))
      diagonal=${row[j]}
      if ((row[j] + 1 < value)); then value=$((row[j] + 1)); fi
      if ((row[j - 1] + 1 < value)); then value=$((row[j - 1] + 1)); fi
      row[j]=$value
    done
  done
  REPLY=${row[${#two}]}
}

__brokerlab_tool_names() {
  local -a files=("$BROKERLAB_SHELL"/../tools/bin/*.sh)
  REPLY=("${files[@]##*/}")
}

__brokerlab_not_found() {
  local name=$1
  printf 'bash: %s: command not found\n' "$name" >&2
  local -a REPLY
  if [[ $name == *kafka* || $name == *.sh ]]; then
    __brokerlab_tool_names
    local -a names=("${REPLY[@]}")
    local nearest
    if [[ " ${names[*]} " == *" $name.sh "* ]]; then
      nearest=$name.sh
    else
      local REPLY
      if __brokerlab_nearest "$name" "${names[@]}" || __brokerlab_nearest "$name.sh" "${names[@]}"; then nearest=$REPLY; fi
    fi
    if [[ -n ${nearest-} ]]; then
      __brokerlab_say "혹시 $nearest 인가요?" "Did you mean $nearest?"
    else
      __brokerlab_say 'Kafka 명령은 kafka- 까지 쓰고 Tab 키를 두 번 누르면 볼 수 있어요.' 'Type kafka- and press Tab twice to see the Kafka tools.'
    fi
  elif [[ $name == [–—]* ]]; then
    __brokerlab_dashes
  fi
  return 127
}

__brokerlab_dashes() {
  __brokerlab_say '긴 줄표(– 또는 —)가 들어 있어요. 문서에서 붙여 넣으면 이렇게 돼요. 짧은 하이픈 두 개(--)로 바꾸세요.' \
    'There is a long dash (– or —) in it, as happens when pasting from a document. Type two short hyphens (--) instead.'
}

# After a command that failed: $1 exit code, $2 command line.
__brokerlab_hint() {
  local code=$1 line=$2 word tool= REPLY
  local -a words
  if ((code == 153)); then
    local megabytes=$(($(ulimit -f) / 1024))
    __brokerlab_say "파일 하나의 크기 한도(${megabytes} MB)에 닿아 프로그램이 멈췄어요." \
      "The program was stopped: one file may have at most ${megabytes} MB."
    return
  fi
  if [[ $line == *[–—]* ]]; then
    __brokerlab_dashes
    return
  fi
  if [[ $line == *[“”‘’]* ]]; then
    __brokerlab_say "둥근 따옴표(“ ”)가 들어 있어요. 곧은 따옴표(\")로 바꾸세요." 'There are curly quotes (“ ”) in it. Type straight ones (") instead.'
    return
  fi
  # Separators stand for themselves, as the shell reads them.
  line=${line//[|;&]/ ; }
  read -r -d '' -a words <<<"$line"
  for word in "${words[@]}"; do
    if [[ $word == ';' ]]; then
      tool=
    elif [[ -z $tool && ${word##*/} == *kafka*.sh ]]; then
      tool=${word##*/}
      if ((code == 127)) && [[ $word == */* && ! -e $word ]]; then
        __brokerlab_hint_path "$word"
        return
      fi
    elif [[ -n $tool && $word == -* ]]; then
      if __brokerlab_hint_option "$tool" "${word%%=*}"; then return; fi
    fi
  done
}

__brokerlab_hint_path() {
  local name=${1##*/} REPLY
  local -a names=("${!__brokerlab_options[@]}")
  if [[ -n ${__brokerlab_options[$name]-} ]]; then
    __brokerlab_say "$name 은(는) 이 폴더에 없어요. 앞의 ${1%/*}/ 없이 쓰거나, cd ~/kafka/bin 다음에 ./$name 를 실행하세요." \
      "$name is not in that folder. Type it without ${1%/*}/, or cd ~/kafka/bin first and run ./$name."
  elif __brokerlab_nearest "$name" "${names[@]}"; then
    __brokerlab_say "혹시 ${1%/*}/$REPLY 인가요?" "Did you mean ${1%/*}/$REPLY?"
  fi
}

# Succeeds when there was something to say.
__brokerlab_hint_option() {
  local tool=$1 option=$2 known=${__brokerlab_options[$1]-} REPLY
  if [[ -z $known || " $known " == *" $option "* || $option != -[-a-z]* ]]; then return 1; fi
  local instead=${__brokerlab_slips["$tool $option"]-}
  if [[ -z $instead && " $known " == *" -$option "* ]]; then instead=-$option; fi
  if [[ -z $instead ]]; then
    if [[ $option != --* ]]; then return 1; fi
    if ! __brokerlab_nearest "$option" $known; then
      __brokerlab_say "$tool 에는 $option 옵션이 없어요. 쓸 수 있는 옵션: $tool --help" "$tool has no option $option. See $tool --help"
      return 0
    fi
    instead=$REPLY
  fi
  __brokerlab_say "$tool 에는 $option 옵션이 없어요. 이렇게 써 보세요: $instead" "$tool has no option $option. Try $instead"
}

# Completion ------------------------------------------------------------------------------------------------------

__brokerlab_complete() {
  local tool=${1##*/} current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} values=
  # Bash takes = and : for words of their own.
  if [[ $current == [=:] ]]; then current=; fi
  if [[ $previous == [=:] ]]; then previous=; fi
  COMPREPLY=()
  case $tool in
    lab) values='status check hint answer next reset' ;;
    cluster)
      if ((COMP_CWORD == 1)); then values='status start stop kill pause resume isolate heal add'
      elif [[ $previous != @(add|heal|status) ]]; then values='1 2 3'; fi
      ;;
    *)
      case $previous in
        --bootstrap-server) values='localhost:9092' ;;
        --topic | --include | --topic-list) values=$(__brokerlab_ask kafka-topics.sh --list) ;;
        --group) values=$(__brokerlab_ask kafka-consumer-groups.sh --list) ;;
        --broker | --broker-list | --broker-id | --broker-logger | --node-id | --id | --controller-id) values=$(__brokerlab_brokers) ;;
        --entity-name)
          case " ${COMP_WORDS[*]} " in
            *' topics '*) values=$(__brokerlab_ask kafka-topics.sh --list) ;;
            *' groups '*) values=$(__brokerlab_ask kafka-consumer-groups.sh --list) ;;
            *' brokers '* | *' broker-loggers '*) values=$(__brokerlab_brokers) ;;
          esac
          ;;
        --partition | --partitions) values='0 1 2' ;;
        --time) values='latest earliest max-timestamp' ;;
        --*-file | --*config | --files) COMPREPLY=($(compgen -f -- "$current")) ;;
        --feature) values='metadata.version= group.version= transaction.version= eligible.leader.replicas.version= kraft.version=' && compopt -o nospace ;;
        --resource-pattern-type) values='literal prefixed any match' ;;
        --operation) values='All Read Write Create Delete Alter Describe ClusterAction DescribeConfigs AlterConfigs IdempotentWrite' ;;
        --offset) values='earliest latest' ;;
        --request-required-acks) values='0 1 all' ;;
        --compression-codec) values='none gzip snappy lz4 zstd' ;;
        --isolation-level) values='read_uncommitted read_committed' ;;
        --entity-type) values='topics brokers broker-loggers groups client-metrics users clients ips' ;;
        --election-type) values='preferred unclean' ;;
        --property | --reader-property | --formatter-property)
          if [[ $tool == kafka-console-producer.sh ]]; then values='parse.key=true key.separator= parse.headers=true null.marker='
          else values='print.key=true key.separator= print.partition=true print.offset=true print.timestamp=true print.headers=true print.value=true'; fi
          compopt -o nospace
          ;;
        --config | --add-config)
          values='retention.ms= retention.bytes= cleanup.policy= segment.ms= segment.bytes= min.insync.replicas= max.message.bytes= compression.type= delete.retention.ms= min.cleanable.dirty.ratio='
          compopt -o nospace
          ;;
        *)
          if [[ $current == -* || -z $current ]]; then values=${__brokerlab_options[$tool]-}; fi
          if [[ $current != -* ]]; then values+=" ${__brokerlab_commands[$tool]-}"; fi
          ;;
      esac
      ;;
  esac
  if [[ -n $values ]]; then
    COMPREPLY=($(compgen -W "$values" -- "$current"))
    # What stands before the last colon is there already.
    if [[ $current == *:* ]]; then COMPREPLY=("${COMPREPLY[@]#"${current%"${current##*:}"}"}"); fi
  fi
}

# Names from the cluster: the tool and the options that list them. Silent, and never longer than two seconds.
__brokerlab_ask() {
  timeout 2 "$1" --bootstrap-server localhost:9092 "${@:2}" 2>/dev/null </dev/null
}

__brokerlab_brokers() {
  local id rest
  timeout 2 kafka-cluster.sh list-endpoints --bootstrap-server localhost:9092 2>/dev/null </dev/null |
    while read -r id rest; do if [[ $id == +([0-9]) ]]; then printf '%s\n' "$id"; fi; done
}
