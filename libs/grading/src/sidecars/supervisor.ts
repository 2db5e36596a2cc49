/**
 * Runs a server that is not ours (Postgres, Redis) as its arguments say, in the container's sh. Told on stdin: `start`, `stop` (with the
 * signal in the first argument), `kill` (all of it), `pause`, `resume`. Reports on stdout: `ready`, `taken` (its port is), `ended`, `paused`,
 * `resumed`, and unasked `full` when Postgres gave up for want of disk. What the server logs before it is ready goes to stderr, for us; later on it may be the
 * candidate's, and goes nowhere: who forges that one line charges itself.
 */
export const SUPERVISOR = `
signal=$1
shift
run() {
  sh -c 'echo $$ >/tmp/server.pid; exec "$@"' server "$@" </dev/null 2>&1 | {
    end=ended
    isReady=
    while IFS= read -r line; do
      case $line in *'PANIC: '*'No space left on device'*) echo full ;; esac
      [ "$isReady" ] && continue
      echo "$line" >&2
      case $line in
        *'eady to accept connections'*) isReady=1; echo ready ;;
        *'ddress already in use'*) end=taken ;;
      esac
    done
    echo "$end"
  } &
}
while read -r word; do
  case $word in
    start) run "$@" ;;
    stop) read -r pid </tmp/server.pid; kill -s "$signal" "$pid" ;;
    kill) kill -s KILL -- -1; wait; echo ended ;;
    pause) kill -s STOP -- -1; echo paused ;;
    resume) kill -s CONT -- -1; echo resumed ;;
  esac
done
`;
