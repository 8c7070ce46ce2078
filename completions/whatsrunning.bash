# bash completion for whatsrunning, as `whatsrunning completion bash` prints it.
_whatsrunning() {
  local lines typed=("${COMP_WORDS[@]:1:COMP_CWORD}")
  mapfile -t lines < <(command "${COMP_WORDS[0]}" --complete -- "${typed[@]}" 2>/dev/null)
  case ${lines[*]: -1} in
    :0) compopt -o default ;;
    :16) compopt -o dirnames ;;
    :4) unset 'lines[-1]'; COMPREPLY=("${lines[@]%%$'\t'*}") ;;
  esac
}
complete -F _whatsrunning whatsrunning
