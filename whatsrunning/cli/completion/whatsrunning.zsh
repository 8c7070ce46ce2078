#compdef whatsrunning
# zsh completion for whatsrunning, as `whatsrunning completion zsh` prints it.
_whatsrunning() {
  local -a lines typed=("${(@Q)words[2,CURRENT]}")
  lines=("${(@f)$(command $words[1] --complete -- "${(@)typed}" 2>/dev/null)}")
  compset -P '--*='
  case $lines[-1] in
    :0) _files ;;
    :16) _files -/ ;;
    :4)
      lines=("${(@)lines[1,-2]//:/\\:}")
      lines=("${(@)lines/$'\t'/:}")
      _describe -t words word lines ;;
  esac
}
# The first TAB of an installed script runs this file as the function itself.
if [[ $funcstack[1] == _whatsrunning ]]; then _whatsrunning "$@"
else compdef _whatsrunning whatsrunning; fi
