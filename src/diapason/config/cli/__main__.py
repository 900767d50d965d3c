from diapason.config.cli import main

main()
