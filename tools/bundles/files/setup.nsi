; The installer of the bundle for Windows: for one user, without the administrator's rights.
; Defined by tools/bundles/archives.py: BUNDLE (folder), OUTPUT (file), VERSION.

Unicode true
Target amd64-unicode
SetCompressor /SOLID lzma
RequestExecutionLevel user
ManifestDPIAware true

!include MUI2.nsh

Name "reportgen ${VERSION}"
OutFile "${OUTPUT}"
InstallDir "$LOCALAPPDATA\Programs\reportgen"
BrandingText " "

!define MUI_ABORTWARNING
!define MUI_FINISHPAGE_RUN "$INSTDIR\reportgen.bat"
!define MUI_FINISHPAGE_RUN_TEXT "打开使用手册"
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE SimpChinese

!define ENTRY "Software\Microsoft\Windows\CurrentVersion\Uninstall\zwgk-reportgen"

Section
  ; Modules of an earlier version must not stay beside the new ones.
  RMDir /r "$INSTDIR\python"
  RMDir /r "$INSTDIR\licenses"
  SetOutPath "$INSTDIR"
  File /r "${BUNDLE}/*"
  WriteUninstaller "$INSTDIR\uninstall.exe"
  ; The start also tells the program where it is, for the scripts in the report folders.
  nsExec::Exec '"$SYSDIR\cmd.exe" /d /s /c ""$INSTDIR\reportgen.bat" --version"'
  CreateDirectory "$SMPROGRAMS\reportgen"
  CreateShortCut "$SMPROGRAMS\reportgen\使用手册.lnk" "$INSTDIR\reportgen.bat"
  CreateShortCut "$SMPROGRAMS\reportgen\卸载.lnk" "$INSTDIR\uninstall.exe"
  CreateShortCut "$DESKTOP\reportgen.lnk" "$INSTDIR\reportgen.bat"
  WriteRegStr HKCU "${ENTRY}" "DisplayName" "reportgen（政府信息公开工作年度报告）"
  WriteRegStr HKCU "${ENTRY}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${ENTRY}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegDWORD HKCU "${ENTRY}" "NoModify" 1
  WriteRegDWORD HKCU "${ENTRY}" "NoRepair" 1
SectionEnd

Section Uninstall
  RMDir /r "$INSTDIR\python"
  RMDir /r "$INSTDIR\licenses"
  Delete "$INSTDIR\reportgen.bat"
  Delete "$INSTDIR\先读我.txt"
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
  Delete "$SMPROGRAMS\reportgen\使用手册.lnk"
  Delete "$SMPROGRAMS\reportgen\卸载.lnk"
  RMDir "$SMPROGRAMS\reportgen"
  Delete "$DESKTOP\reportgen.lnk"
  DeleteRegKey HKCU "${ENTRY}"
SectionEnd
