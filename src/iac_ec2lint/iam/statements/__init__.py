"""What single statements of policies grant, wherever the policies are attached."""
