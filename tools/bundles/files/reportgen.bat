@echo off
rem Runs reportgen with the Python of this folder.  Words are passed on; files and folders may be
rem dropped on this file.  ASCII only: cmd reads it in the code page of the console.
setlocal DisableDelayedExpansion
set "REPORTGEN_LAUNCHER=%~f0"
if "%~1"=="" goto manual
"%~dp0python\python.exe" -I -X utf8 -m reportgen %*
set "code=%errorlevel%"
if exist "%~1" pause
exit /b %code%

:manual
"%~dp0python\python.exe" -I -X utf8 -m reportgen help
pause
