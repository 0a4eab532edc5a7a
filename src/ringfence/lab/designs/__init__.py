"""How the laboratory's sites look. One package of designs to develop on, one to report on."""
