cidrs = {
  inside  = "10.0.0.0/8"
  outside = "0.0.0.0/0"
}
